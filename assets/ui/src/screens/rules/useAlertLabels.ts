/** The labels of an alert with those that its project puts on it. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { projects } from "../../api/queries";
import type { Labels } from "../../api/types";

const dimensions = ["department", "owner", "system", "module", "environment"] as const;

/** Stable as long as `labels` is. */
export function useAlertLabels(labels: Labels): Labels {
  const known = useQuery(projects()).data?.items;
  return useMemo(() => {
    const found = known?.find((project) => project.name === labels.project)?.spec;
    const spec: Record<string, unknown> = { ...found };
    const put = dimensions.flatMap((key) =>
      typeof spec[key] === "string" && spec[key] !== "" ? [[key, spec[key]]] : [],
    );
    return { ...Object.fromEntries(put), ...labels };
  }, [known, labels]);
}
