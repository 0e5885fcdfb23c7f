// Prints the page from its own button.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-print]")) print();
});
