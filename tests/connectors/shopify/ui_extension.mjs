// Runs a module of the block with stand-ins for what the platform brings; prints what it asked and showed.
// Arguments: the module, what the page knows of the order (JSON), the answers in their order (JSON).
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const STAND_INS = {
  preact: "export const h = (type, set, ...inside) => typeof type === 'function' ? type(set) : { type, set, inside };" +
    " export const render = (tree, place) => { globalThis.shown = [tree, place]; };",
  "@shopify/ui-extensions/preact": "",
};
registerHooks({
  resolve: (name, context, next) =>
    name in STAND_INS
      ? { url: `data:text/javascript,${encodeURIComponent(STAND_INS[name])}`, shortCircuit: true }
      : next(name, context),
});

const [module, known, told] = [process.argv[2], JSON.parse(process.argv[3]), JSON.parse(process.argv[4])];
const asked = [];
let tokens = 0;
globalThis.document = { body: "the block's place" };
globalThis.setTimeout = (done) => queueMicrotask(done);
globalThis.shopify = {
  order: { value: known.order },
  orderConfirmation: { value: known.confirmation },
  sessionToken: { get: async () => `token-${++tokens}` },
  i18n: { translate: (key) => `words of ${key}` },
};
globalThis.fetch = async (address, set) => {
  asked.push([address, set.headers]);
  const [status, body] = told[asked.length - 1];
  if (!status) throw new Error("no answer");
  return { ok: status === 200, status, json: async () => body };
};
const { default: run } = await import(pathToFileURL(module));
await run();
console.log(JSON.stringify({ asked, shown: globalThis.shown[0], place: globalThis.shown[1] }));
