// Starts the worker on the page's compiled module.
addEventListener("message", async ({ data: { js, module } }) => {
  globalThis.appScript = js;
  const { default: init } = await import(js);
  await init({ module_or_path: module });
}, { once: true });

// The page hears of errors, but not of rejected promises.
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  setTimeout(() => { throw event.reason; });
});
