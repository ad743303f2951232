/** Where results of the user's own actions appear; loaded after the page. */
import "@mantine/notifications/styles.css";
import { Notifications } from "@mantine/notifications";

export default function Toasts() {
  return <Notifications position="bottom-left" />;
}
