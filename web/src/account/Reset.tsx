export default function Reset() {
  return <main />;
}
