/** Pages of a server-paged list: what is shown, of how many. */
import { Group, Pagination, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

interface PagerProps {
  /** From 1. */
  page: number;
  size: number;
  total: number;
  go: (page: number) => void;
}

export function Pager({ page, size, total, go }: PagerProps) {
  const { t } = useTranslation();
  if (total <= size) return null;
  const first = (page - 1) * size + 1;
  return (
    <Group justify="space-between" p="sm" px="md">
      <Text size="sm" c="dimmed">
        {t("pager.range", { first, last: Math.min(page * size, total), total })}
      </Text>
      <Pagination
        size="sm"
        value={page}
        total={Math.ceil(total / size)}
        onChange={go}
        getControlProps={(control) => ({ "aria-label": t(`pager.${control}`) })}
        getItemProps={(item) => ({ "aria-label": t("pager.page", { page: item }) })}
      />
    </Group>
  );
}
