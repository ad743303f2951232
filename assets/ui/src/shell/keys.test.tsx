import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { listen, switchKeys, useKeys, useListedKeys } from "./keys";

const acted = vi.fn();
function Screen() {
  useKeys([
    { key: "x", text: "select", act: () => acted("x") },
    { key: "g a", text: "alerts", act: () => acted("g a") },
  ]);
  const keys = useListedKeys();
  return (
    <>
      <input aria-label="field" />
      <p>{keys.map(({ text }) => text).join(" ")}</p>
    </>
  );
}

describe("keys of a screen", () => {
  let stop = () => {};
  beforeEach(() => {
    acted.mockClear();
    stop = listen();
  });
  afterEach(() => {
    stop();
    switchKeys(true);
  });

  it("work, alone and after g, and are listed while the screen is there", async () => {
    const { unmount } = render(<Screen />);
    expect(screen.getByText("select alerts")).toBeInTheDocument();
    await userEvent.keyboard("xga");
    expect(acted.mock.calls.flat()).toEqual(["x", "g a"]);
    unmount();
    await userEvent.keyboard("x");
    expect(acted).toHaveBeenCalledTimes(2);
  });

  it("leave typing and dialogs alone", async () => {
    render(<Screen />);
    await userEvent.type(screen.getByLabelText("field"), "x");
    expect(acted).not.toHaveBeenCalled();
    render(<div role="dialog" aria-label="open" />);
    screen.getByLabelText<HTMLInputElement>("field").blur();
    await userEvent.keyboard("x");
    expect(acted).not.toHaveBeenCalled();
  });

  it("can be switched off", async () => {
    render(<Screen />);
    switchKeys(false);
    await userEvent.keyboard("x");
    expect(acted).not.toHaveBeenCalled();
  });
});
