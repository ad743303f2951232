import { render, screen } from "@testing-library/react";
import { useTranslation } from "react-i18next";
import { afterEach, expect, it } from "vitest";
import { known, prefer, texts } from "./i18n";

afterEach(() => prefer("en"));

function Words() {
  const { t } = useTranslation();
  return <p>{[t("action.retry"), t("cluster.title")].join("/")}</p>;
}

it("speaks another language at once, areas that are open included", async () => {
  await texts("cluster");
  render(<Words />);
  expect(screen.getByText("Try again/Cluster")).toBeInTheDocument();
  await prefer("zh");
  expect(await screen.findByText("重试/集群")).toBeInTheDocument();
  expect(document.documentElement.lang).toBe("zh");
  expect(document.cookie).toContain("wk_language=zh");
});

it("takes the nearest language and English for what it does not speak", () => {
  expect(known("zh-Hans-CN")).toBe("zh");
  expect(known("EN-gb")).toBe("en");
  expect(known("fr")).toBe("en");
});
