// Starts the page. Modules cannot be read from a folder without a server, so there one plain script stands in for them.
"use strict";

(() => {
  const fail = () => {
    const starting = document.getElementById("starting");
    starting.hidden = false;
    starting.textContent = "The page could not start. Build it with `cargo xtask playground` and open the folder `dist`.";
  };
  if (location.protocol !== "file:") {
    import("./js/main.js").then(({ open }) => open()).catch(fail);
    return;
  }
  const script = document.createElement("script");
  script.src = "offline.js";
  script.onerror = fail;
  document.head.append(script);
})();
