/** Text filter whose value lives in the URL; typed letters are sent on after a short pause. */
import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

interface SearchBoxProps {
  label: string;
  value: string;
  search: (text: string) => void;
}

export function SearchBox({ label, value, search }: SearchBoxProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const later = useDebouncedCallback(search, 200);
  useHotkeys([["/", () => input.current?.focus()]]);

  useEffect(() => {
    // Changed from outside: a link, Back, or a removed filter.
    if (document.activeElement !== input.current) setText(value);
  }, [value]);

  const change = (next: string) => {
    setText(next);
    later(next.trim());
  };
  return (
    <TextInput
      ref={input}
      aria-label={label}
      placeholder={label}
      value={text}
      w={{ base: "100%", xs: 260 }}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === "" ? null : (
          <CloseButton size="sm" aria-label={t("action.clear")} onClick={() => change("")} />
        )
      }
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
