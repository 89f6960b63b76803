// For CommonJS: the same module, not a second copy of it.
"use strict";
module.exports = require("./index.js");
