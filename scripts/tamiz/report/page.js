(() => {
  const { themes, pictures } = JSON.parse(document.getElementById("drawings").textContent);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const narrow = window.matchMedia("(max-width: 36rem)");
  const config = { displayModeBar: false, responsive: true, scrollZoom: false };
  const paperWidth = 640;

  const draw = (theme, isNarrow, size) => {
    for (const [id, picture] of Object.entries(structuredClone(pictures))) {
      const layout = { ...picture.layout, ...size, template: themes[theme] };
      if (isNarrow && picture.narrowTicks) layout.yaxis.ticktext = picture.narrowTicks;
      Plotly.react(document.getElementById(id), picture.data, layout, config);
    }
  };
  const drawForScreen = () => draw(dark.matches ? "dark" : "light", narrow.matches, {});

  drawForScreen();
  dark.addEventListener("change", drawForScreen);
  narrow.addEventListener("change", drawForScreen);
  // Paper is white and has one width.
  window.addEventListener("beforeprint", () => draw("light", false, { width: paperWidth }));
  window.addEventListener("afterprint", drawForScreen);
  document.documentElement.dataset.drawn = "true";
})();
