// The scripts of the drafting page.
import "./editor.js";
import "./preview.js";
import "./recipients.js";
