import { render, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { useLayer } from "./useLayer";

function Layer({ name, closed }: { name: string; closed: string[] }) {
  const [open, setOpen] = useState(true);
  useLayer(open, () => {
    closed.push(name);
    setOpen(false);
  });
  return null;
}

function Question() {
  useLayer(true, undefined);
  return null;
}

function Opener({ closed }: { closed: string[] }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" aria-label="open" onClick={() => setOpen(true)} />
      {open ? <Field close={() => setOpen(false)} closed={closed} /> : null}
    </>
  );
}

function Field({ close, closed }: { close: () => void; closed: string[] }) {
  useLayer(true, () => {
    closed.push("field");
    close();
  });
  return <input aria-label="inside" />;
}

test("escape closes one layer at a time, the top one first", async () => {
  const closed: string[] = [];
  render(
    <>
      <Layer name="form" closed={closed} />
      <Layer name="question" closed={closed} />
    </>,
  );
  await userEvent.keyboard("{Escape}");
  expect(closed).toEqual(["question"]);
  await userEvent.keyboard("{Escape}");
  expect(closed).toEqual(["question", "form"]);
  await userEvent.keyboard("{Escape}");
  expect(closed).toHaveLength(2);
});

test("a question that must be answered keeps what lies below it open", async () => {
  const closed: string[] = [];
  render(
    <>
      <Layer name="form" closed={closed} />
      <Question />
    </>,
  );
  await userEvent.keyboard("{Escape}");
  expect(closed).toEqual([]);
});

test("the focus goes back to what opened it", async () => {
  const closed: string[] = [];
  render(<Opener closed={closed} />);
  const button = screen.getByRole("button", { name: "open" });
  await userEvent.click(button);
  screen.getByRole("textbox").focus();
  await userEvent.keyboard("{Escape}");
  await waitFor(() => expect(button).toHaveFocus());
});
