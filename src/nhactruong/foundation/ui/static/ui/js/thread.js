// A map wider than its frame opens where one stands, not at its beginning.
for (const map of document.querySelectorAll(".thread-map")) {
  const here = map.querySelector(".is-here circle");
  if (here && map.scrollWidth > map.clientWidth) map.scrollLeft = here.cx.baseVal.value - map.clientWidth / 2;
}
