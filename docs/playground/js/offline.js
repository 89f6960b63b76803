// The page without a server: everything in one script, the WebAssembly module in it.

import module from "../value-model/value_model_bg.wasm";
import { open } from "./main.js";

open(module);
