"use strict";
(function () {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const font = { family: getComputedStyle(document.body).fontFamily, size: 13 };
  Chart.defaults.font = font;
  Chart.defaults.animation = false;
  Chart.defaults.devicePixelRatio = Math.max(2, window.devicePixelRatio);

  // The days of all orders, and below them those of each hotspot, on one scale: lines would hide each other.
  function days(chart) {
    const most = Math.max(1, ...chart.series.slice(1).flatMap((s) => s.values));
    const scales = { x: { grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 16 } } };
    chart.series.forEach((s, i) => {
      scales["y" + i] = { stack: "days", stackWeight: 1, weight: chart.series.length - i, offset: true, beginAtZero: true,
                          max: i ? most : undefined, ticks: { precision: 0, maxTicksLimit: 3 } };
    });
    return {
      data: { labels: chart.labels,
              datasets: chart.series.map((s, i) => ({ label: s.name, data: s.values, yAxisID: "y" + i, grouped: false,
                                                      backgroundColor: chart.colours[i] })) },
      options: { scales, plugins: { legend: { display: false } }, interaction: { mode: "index", intersect: false } },
      plugins: [{ id: "names", afterDraw(drawn) {
        drawn.ctx.fillStyle = Chart.defaults.color;
        drawn.ctx.font = "12px " + font.family;
        chart.series.forEach((s, i) => drawn.ctx.fillText(s.name, drawn.chartArea.left + 4, drawn.scales["y" + i].top + 4));
      } }],
    };
  }

  function bars(chart) {
    return {
      data: { labels: chart.labels,
              datasets: chart.series.map((s, i) => ({ label: s.name, data: s.values, backgroundColor: chart.colours[i],
                                                      borderColor: "#5a6672", borderWidth: chart.series.length > 1 ? 0.5 : 0 })) },
      options: {
        indexAxis: "y",
        interaction: { mode: "index", axis: "y", intersect: false },
        scales: { x: { stacked: true, ticks: { precision: 0 } },
                  y: { stacked: true, grid: { display: false }, ticks: { autoSkip: false } } },
        plugins: { legend: { display: chart.series.length > 1, position: "bottom" } },
      },
    };
  }

  function draw(chart) {
    const made = chart.kind === "line" ? days(chart) : bars(chart);
    made.options.maintainAspectRatio = false;
    return new Chart(document.getElementById("chart-" + chart.name), { type: "bar", ...made });
  }

  const drawn = charts.map(draw);
  // A canvas may print blank; a picture of it, as wide as paper whatever the window, does not.
  const pictures = drawn.map((c) => {
    const picture = document.createElement("img");
    picture.alt = "";
    c.canvas.after(picture);
    return picture;
  });
  function takePictures() {
    drawn.forEach((c, i) => {
      c.resize(680, c.height);
      pictures[i].src = c.toBase64Image();
      c.resize();
    });
  }
  takePictures();
  window.addEventListener("beforeprint", takePictures);

  // The table sorter listens for clicks: let the keyboard make them, and say in Chinese what they do.
  const spoken = document.getElementById("spoken");
  document.querySelectorAll(".sortable th").forEach((th) => {
    th.tabIndex = 0;
    th.title = "按“" + th.textContent.trim() + "”排序";
    th.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); th.click(); }
    });
    th.addEventListener("click", () => setTimeout(() => {
      const down = th.getAttribute("aria-sort") === "descending";
      spoken.textContent = "已按" + th.textContent.trim() + (down ? "从大到小" : "从小到大") + "排序";
    }, 60));
  });

  const all = document.getElementById("open-all");
  all.addEventListener("click", () => {
    const open = all.getAttribute("aria-pressed") !== "true";
    document.querySelectorAll(".topic details").forEach((d) => { d.open = open; });
    all.setAttribute("aria-pressed", String(open));
    all.textContent = open ? "收起全部依据" : "展开全部依据";
  });
})();
