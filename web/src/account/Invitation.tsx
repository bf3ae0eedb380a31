export default function Invitation() {
  return <main />;
}
