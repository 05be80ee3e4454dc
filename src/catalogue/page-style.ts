/** How the catalogue looks: light, dark and on paper. Language and search work by classes; see page-script.ts. */
export const pageStyle = `
:root { color-scheme: light dark; --text: #1c2733; --soft: #55646f; --page: #fff; --box: #f5f7f9; --line: #cfd8de;
  --link: #0b57a4; --bronze: #f3e0cf; --silver: #e3e8ee; --gold: #f9eab8; --source: #e0ecf8; --mark: #c2410c; }
@media (prefers-color-scheme: dark) { :root { --text: #e3e9ee; --soft: #a3b1bc; --page: #14191e; --box: #1d242b;
  --line: #3b4853; --link: #82b9f3; --bronze: #4b3525; --silver: #35404b; --gold: #4d4016; --source: #203a54;
  --mark: #fb923c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1200px; padding: 0 16px 64px; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
a { color: var(--link); } a:focus-visible, input:focus-visible, g:focus-visible { outline: 3px solid var(--mark); }
h1 { margin: 16px 0 4px; } h2 { margin: 40px 0 8px; } h3 { margin: 0; font-size: 1.1rem; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
body:has(#show-ru:checked) .en, body:has(#show-en:checked) .ru { display: none; }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--page); }
.bar { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: center;
  padding: 8px 0; background: var(--page); border-bottom: 1px solid var(--line); }
.bar fieldset { border: 0; margin: 0; padding: 0; display: flex; gap: 12px; } .bar legend { float: left; margin-right: 12px; }
.search { display: none; } .scripted .search { display: flex; gap: 8px; align-items: center; flex: 1; }
.search input { flex: 1; min-width: 12em; font: inherit; padding: 4px 8px; color: inherit; background: var(--box);
  border: 1px solid var(--line); border-radius: 4px; }
.scroll { overflow-x: auto; } .wide { width: min(100vw - 40px, 2030px); margin-left: calc(50% - min(50vw - 20px, 1015px)); } table { border-collapse: collapse; width: 100%; margin: 8px 0; }
th, td { text-align: left; vertical-align: top; padding: 4px 10px 4px 0; border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; } tbody th { color: inherit; font-weight: inherit; }
tbody.columns th code, tbody.columns td:nth-child(2) code { white-space: nowrap; }
.table { margin: 24px 0; padding: 12px 16px; background: var(--box); border-left: 6px solid var(--line); border-radius: 4px;
  scroll-margin-top: 64px; }
.table.bronze { border-color: #b87333; } .table.silver { border-color: #8797a6; } .table.gold { border-color: #c79a00; }
.table p { margin: 4px 0; } dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 8px 0; }
dt { color: var(--soft); } dd { margin: 0; } .soft { color: var(--soft); }
.badge { border: 1px solid var(--line); border-radius: 3px; padding: 0 4px; font-size: 0.8em; white-space: nowrap; }
[hidden] { display: none !important; }
svg { max-width: none; font: 13px system-ui, sans-serif; } svg text { fill: var(--text); } svg a { text-decoration: none; }
.node rect { stroke: var(--line); fill: var(--source); } .node.bronze rect { fill: var(--bronze); }
.node.silver rect { fill: var(--silver); } .node.gold rect { fill: var(--gold); } .node path { stroke: var(--line); }
.edge, .relation { fill: none; stroke: var(--soft); stroke-width: 1.2; } .edge { opacity: 0.55; }
marker path { fill: none; stroke: var(--soft); stroke-width: 1.2; }
.choosing .node, .choosing .edge { opacity: 0.12; } .choosing .node.chosen, .choosing .edge.chosen { opacity: 1; }
.choosing .edge.chosen { stroke: var(--mark); stroke-width: 2; } .node.pivot rect { stroke: var(--mark); stroke-width: 2.5; }
@media print { :root { color-scheme: light; --text: #000; --soft: #333; --page: #fff; --box: #fff; --line: #999; --link: #000;
  --bronze: #f3e0cf; --silver: #e3e8ee; --gold: #f9eab8; --source: #e0ecf8; }
  .bar, .skip, #chosen { display: none !important; } .scroll { overflow: visible; } .wide { width: auto; margin: 0; } svg { width: 100%; height: auto; }
  body { max-width: none; font-size: 10pt; } tr { break-inside: avoid; } h2, h3 { break-after: avoid; } }
`.trim()
