/** Sign-in page or the portal. */
import { RouterProvider } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { router } from "./router";
import { useSession } from "./session";

const SignIn = lazy(() => import("../screens/signin/SignIn"));
const SignInAgain = lazy(() => import("../screens/signin/SignInAgain"));

export function App() {
  const { session, expired } = useSession();
  if (session === null) {
    return (
      <Suspense>
        <SignIn />
      </Suspense>
    );
  }
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
