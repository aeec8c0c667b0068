// Starts the app. Where that fails, or the app breaks later, the page says so instead of going silent.
const { js, wasm } = document.querySelector("script[data-wasm]").dataset;
const crash = document.getElementById("crash");

// Before the app is there, so that a chosen theme does not flash in.
try {
  document.documentElement.dataset.theme = localStorage.getItem("falco-report/theme") ?? "system";
} catch {
  // Storage is off: the system's theme it is.
}

addEventListener("error", ({ error }) => {
  if (error instanceof WebAssembly.RuntimeError) crash.hidden = false;
});

try {
  const { default: init } = await import(js);
  await init({ module_or_path: wasm });
} catch (error) {
  crash.hidden = false;
  throw error;
}
