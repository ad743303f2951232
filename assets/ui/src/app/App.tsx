/** Sign-in page or the portal. */
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { SignIn } from "../screens/signin/SignIn";
import { router } from "./router";
import { useSession } from "./session";

const SignInAgain = lazy(() => import("../screens/signin/SignInAgain"));

export function App() {
  const { session, expired } = useSession();
  if (session === null) return <SignIn />;
  return (
    <>
      <RouterProvider router={router} />
      {expired ? (
        <Suspense>
          <SignInAgain user={session.user} />
        </Suspense>
      ) : null}
    </>
  );
}
