/** Sign-in over a page whose session ended. It cannot be closed: behind it nothing works. */
import { Modal, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { SignInForm } from "./SignInForm";

export default function SignInAgain({ user }: { user: string }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={() => {}} withCloseButton={false} title={t("signin.expired")}>
      <Text size="sm" c="dimmed" mb="md">
        {t("signin.again")}
      </Text>
      <SignInForm user={user} />
    </Modal>
  );
}
