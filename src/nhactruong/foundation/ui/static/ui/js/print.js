// A button of the class "js-print" prints the page; the browser's own command does the same.
document.addEventListener("click", (event) => {
  if (event.target.closest?.(".js-print")) print();
});
