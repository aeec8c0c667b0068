addEventListener("message", async ({ data: { js, module } }) => {
  const { default: init } = await import(js);
  await init({ module_or_path: module });
}, { once: true });
