// @ts-check
/** A text as a QR code (ISO/IEC 18004), drawn as SVG in the page: it is sent nowhere. */
import { encode } from "./vendor/uqr.js";

const SVG = "http://www.w3.org/2000/svg";
/** Light modules around it, as the standard asks for. */
const BORDER = 4;

/**
 * @param {string} text
 * @param {string} label what it is, for whoever does not see it
 * @returns {SVGSVGElement}
 */
export function qrCode(text, label) {
  const { size, data } = encode(text, { ecc: "M", border: BORDER });
  let outline = "";
  for (const [y, row] of data.entries())
    for (const [x, dark] of row.entries()) if (dark) outline += `M${x} ${y}h1v1h-1z`;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  svg.setAttribute("shape-rendering", "crispEdges");
  const modules = document.createElementNS(SVG, "path");
  modules.setAttribute("d", outline);
  svg.append(modules);
  return svg;
}
