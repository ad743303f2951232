/** Light, dark, or what the system says. */
import { ActionIcon, Tooltip, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconMoon, IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

const order = ["auto", "light", "dark"] as const;
const icons = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };

export function ThemeToggle() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = icons[colorScheme];
  const label = t(`shell.theme.${colorScheme}`);
  const next = order[(order.indexOf(colorScheme) + 1) % order.length] ?? "auto";
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={34}
        aria-label={label}
        onClick={() => setColorScheme(next)}
      >
        <Icon size={19} stroke={1.75} />
      </ActionIcon>
    </Tooltip>
  );
}
