export default function SignIn() {
  return <main />;
}
