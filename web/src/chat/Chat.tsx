export default function Chat() {
  return <main />;
}
