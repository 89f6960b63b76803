// What the page uses of Observable Plot.
export { barX, dot, plot, rect, rectY, ruleX, ruleY, text, tickX } from "@observablehq/plot";
