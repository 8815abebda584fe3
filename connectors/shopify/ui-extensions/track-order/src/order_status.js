import "@shopify/ui-extensions/preact";
import { show } from "./track.js";

export default async () => {
  const order = shopify.order.value;
  await show(order?.id, order?.confirmationNumber, [0, 2000]);
};
