// Shopify's own linter over a folder, with the platform's vocabulary that lies in its package: nothing is fetched.
const { themeCheckRun } = require(process.argv[2]);

themeCheckRun(process.argv[3], "theme-check:theme-app-extension").then(({ offenses, theme, config }) => {
  const told = offenses.map((one) => `${one.check}: ${one.uri.split("/").slice(-2).join("/")}: ${one.message}`);
  console.log(JSON.stringify({ offenses: told, files: theme.length, checks: config.checks.map((one) => one.meta.code) }));
});
