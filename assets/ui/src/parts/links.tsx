/** Mantine's looks with the router's checked addresses. */
import { Anchor, type AnchorProps, Button, type ButtonProps, CloseButton } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { ReactNode, Ref } from "react";

interface Common {
  ref?: Ref<HTMLAnchorElement>;
  children?: ReactNode;
  "aria-label"?: string;
}

export const TextLink = createLink((props: Omit<AnchorProps, "href"> & Common) => <Anchor {...props} />);

export const ButtonLink = createLink((props: Omit<ButtonProps, "href"> & Common) => (
  <Button component="a" {...props} />
));

export const CloseLink = createLink((props: Common) => <CloseButton component="a" {...props} />);
