// The editor's script runs in a stand-in for the editor: what it registers, and what each block shows there.
const { readFileSync } = require("node:fs");
const vm = require("node:vm");

const registered = {};
const used = new Set();
const element = (type, props, ...children) => {
  if (type === undefined || type === null) throw new Error("an element of nothing");
  const name = typeof type === "string" ? type : type.shown;
  used.add(name);
  return { name, props: props || {}, children: children.flat() };
};
// Whatever the script asks of a part of the editor is there, and knows its name.
const part = (known) =>
  new Proxy({}, { get: (_, name) => (known && known[name]) || Object.assign(() => null, { shown: String(name) }) });
const wp = {
  blocks: { registerBlockType: (name, settings) => (registered[name] = settings) },
  element: { createElement: element },
  blockEditor: part({ useBlockProps: () => ({ className: "block" }) }),
  components: part(),
  i18n: { __: (text, domain) => (domain === "doorstep" ? text : Promise.reject(new Error(`no domain: ${text}`))) },
  serverSideRender: Object.assign(() => null, { shown: "ServerSideRender" }),
};
vm.runInNewContext(readFileSync(process.argv[2], "utf-8"), { wp, parseInt, Math });

const all = (node) => (node && node.name ? [node, ...node.children.flatMap(all)] : []);
const told = {};
for (const [name, settings] of Object.entries(registered)) {
  const set = [];
  const attributes = { heading: "H", text: "", prefill: true, product: 7, how: true };
  const nodes = all(settings.edit({ attributes, setAttributes: (more) => set.push(more) }));
  for (const node of nodes) {
    if (!node.props.onChange) continue;
    for (const value of node.name === "ToggleControl" ? [false] : ["12", "-3", "x", ""]) node.props.onChange(value);
  }
  const lists = nodes.flatMap((node) => (node.children.length > 1 ? [node.children] : []));
  told[name] = {
    title: settings.title,
    names: nodes.map((node) => node.name),
    labels: nodes.map((node) => node.props.label).filter(Boolean),
    set,
    saved: settings.save(),
    unkeyed: lists.flat().filter((node) => node && node.name && !("key" in node.props) && node.name !== "div").length,
  };
}
console.log(JSON.stringify(told));
