export default function Forgot() {
  return <main />;
}
