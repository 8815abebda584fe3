import "@shopify/ui-extensions/preact";
import { show } from "./track.js";

export default async () => {
  const confirmed = shopify.orderConfirmation.value;
  await show(confirmed?.order?.id, confirmed?.number);
};
