"use strict";
(function () {
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const font = { family: getComputedStyle(document.body).fontFamily, size: 13 };
  Chart.defaults.font = font;
  Chart.defaults.animation = false;

  function dataset(chart, series, i) {
    const colour = chart.colours[i];
    if (chart.kind === "line") {
      if (i === 0) return { type: "bar", label: series.name, data: series.values, backgroundColor: colour, order: 2 };
      return { type: "line", label: series.name, data: series.values, borderColor: colour, backgroundColor: colour,
               borderDash: i > 1 ? [6, 3] : [], pointRadius: 2, tension: 0, order: 1 };
    }
    return { label: series.name, data: series.values, backgroundColor: colour };
  }

  function draw(chart) {
    const across = chart.kind !== "line";
    const canvas = document.getElementById("chart-" + chart.name);
    return new Chart(canvas, {
      type: "bar",
      data: { labels: chart.labels, datasets: chart.series.map((s, i) => dataset(chart, s, i)) },
      options: {
        indexAxis: across ? "y" : "x",
        maintainAspectRatio: false,
        interaction: { mode: "index", axis: across ? "y" : "x", intersect: false },
        scales: { x: { stacked: across, grid: { display: across } },
                  y: { stacked: across, beginAtZero: true, grid: { display: !across }, ticks: { autoSkip: !across } } },
        plugins: { legend: { display: chart.series.length > 1, position: "bottom" } },
      },
    });
  }

  const drawn = charts.map(draw);
  // A canvas may print blank; a picture of it does not.
  drawn.forEach((c) => {
    const picture = document.createElement("img");
    picture.alt = "";
    picture.src = c.toBase64Image();
    c.canvas.after(picture);
  });

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
