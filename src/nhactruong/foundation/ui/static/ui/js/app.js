// The one entry of scripts. Every page works without them; they only make it quicker.
import "./autosave.js";
import "./date.js";
import "./dialog.js";
import "./drop.js";
import "./faults.js";
import "./filters.js";
import "./keep.js";
import "./key.js";
import "./keys.js";
import "./menu.js";
import "./picker.js";
import "./print.js";
import "./select-all.js";
import "./swap.js";
import "./thread.js";
import "./toast.js";
import "./viewer.js";
