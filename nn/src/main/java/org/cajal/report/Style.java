package org.cajal.report;

/**
 * The style sheet of the report: ink on paper by day, light on ink by night; one column on a phone.
 */
final class Style {
  private Style() {}

  static final String CSS =
      """
      :root{color-scheme:light dark;
        --paper:#faf7f0;--card:#fffdf8;--ink:#22211d;--soft:#6d675b;--rule:#e4ddcd;--train:#2b6cb0;--valid:#c2570c;
        --hit:#2f7d5b;--miss:#c0392b;--warn:#8a6100;--wash:#f3ecdb;--on:#fff;--glyph:#2b6cb0}
      @media (prefers-color-scheme:dark){:root{
        --paper:#14161b;--card:#1b1e25;--ink:#e9e5da;--soft:#9c9789;--rule:#2f333d;--train:#6fb1f5;--valid:#f2a154;
        --hit:#5cc397;--miss:#f07a6a;--warn:#e6bd5c;--wash:#23262e;--on:#0d1014;--glyph:#8fc3f7}}
      *{box-sizing:border-box}
      html{-webkit-text-size-adjust:100%}
      body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
        "Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
      main{max-width:1080px;margin:0 auto;padding:28px 20px 64px}
      h1,h2{font-family:"Iowan Old Style","Palatino Linotype",Palatino,Georgia,"Noto Serif",serif;font-weight:600;
        line-height:1.2;letter-spacing:-.01em}
      h1{font-size:clamp(1.7rem,5vw,2.5rem);margin:.1em 0 .15em;overflow-wrap:anywhere}
      h2{font-size:1.35rem;margin:0 0 .7em}
      h3{font-size:1rem;margin:0 0 .4em}
      .brand{display:flex;gap:10px;align-items:center;color:var(--soft);font-size:.9rem}
      .brand svg{width:34px;height:34px;flex:none}
      .when{color:var(--soft);margin:0}
      section{background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:22px 24px;margin:20px 0}
      .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(140px,1fr));gap:12px;margin:24px 0 0;padding:0}
      .tiles>div{background:var(--card);border:1px solid var(--rule);border-radius:14px;padding:14px 18px}
      .tiles dt{color:var(--soft);font-size:.85rem}
      .tiles dd{margin:0;font-size:1.65rem;font-weight:600;letter-spacing:-.02em;line-height:1.25}
      .verdict{border-left:6px solid var(--hit)}
      .verdict.bad{border-left-color:var(--miss)}
      .verdict.fair{border-left-color:var(--valid)}
      .verdict p{margin:0;font-size:1.1rem}
      .verdict p+p{margin-top:.4em;color:var(--soft);font-size:1rem}
      .warnings{margin:16px 0 0;padding:14px 0 0;border-top:1px solid var(--rule);list-style:none}
      .warnings li{padding-left:1.7em;position:relative;margin:.35em 0}
      .warnings li::before{content:"";position:absolute;left:.2em;top:.42em;border:.42em solid transparent;border-top:0;
        border-bottom:.75em solid var(--warn)}
      section>h3{margin-top:1.5em}
      .pair h3{font-weight:600;color:var(--soft);text-align:center}
      .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:18px 28px}
      .legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:-.3em 0 .8em;color:var(--soft);font-size:.9rem}
      .legend i{display:inline-block;width:22px;height:3px;border-radius:2px;vertical-align:middle;margin-right:7px}
      .legend .training{background:var(--train)}.legend .validation{background:var(--valid)}
      .chart{display:block;width:100%;max-width:640px;height:auto;margin:0 auto;overflow:visible}
      .square{max-width:560px;margin:0 auto}
      .chart text{font-size:12.5px;fill:var(--soft)}
      .chart .axis,.chart .bestlabel{fill:var(--ink)}
      .chart .grid{stroke:var(--rule);stroke-width:1}
      .chart .line{fill:none;stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
      .chart .line.training{stroke:var(--train)}.chart .line.validation{stroke:var(--valid)}
      .chart .mark.training{fill:var(--train)}.chart .mark.validation{fill:var(--valid)}
      .chart .best{stroke:var(--ink);stroke-width:1;stroke-dasharray:3 4;opacity:.65}
      .chart .bestmark{fill:var(--card);stroke:var(--ink);stroke-width:2}
      .chart .ideal{stroke:var(--ink);stroke-width:1;stroke-dasharray:4 4;opacity:.6}
      .chart .point{fill:var(--train);fill-opacity:.45}
      .chart .bar.training{fill:var(--train)}.chart .bar.validation{fill:var(--valid)}
      .bars{display:grid;grid-template-columns:minmax(6em,max-content) 1fr max-content;gap:7px 14px;align-items:center;
        margin:0;font-size:.92rem}
      .bars dt,.bars dd{margin:0;overflow-wrap:anywhere}
      .bars .share{height:.85em;border-radius:3px;background:var(--train)}
      .bars .number{color:var(--soft);text-align:right}
      .notes{margin:14px 0 0;padding-left:1.2em}
      .notes li{margin:.35em 0;overflow-wrap:anywhere}
      details{margin-top:14px}
      summary{cursor:pointer;color:var(--soft);font-size:.92rem}
      .scroll{overflow-x:auto;max-width:100%;padding-bottom:4px}
      table{border-collapse:collapse;font-size:.92rem}
      th,td{padding:5px 10px;text-align:right;border-bottom:1px solid var(--rule);white-space:nowrap}
      th{font-weight:600;color:var(--soft)}
      .list{width:100%}
      .list td:first-child,.list th:first-child,.text{text-align:left}
      .list td.text{white-space:normal;overflow-wrap:anywhere;min-width:9em}
      tr:last-child td,tr:last-child th{border-bottom:0}
      .heat{border-collapse:separate;border-spacing:3px;margin:0 auto}
      .heat th,.heat td{border:0;padding:4px 6px}
      .heat th[scope=row]{text-align:right;max-width:11em;overflow:hidden;text-overflow:ellipsis}
      .heat td{min-width:52px;height:40px;text-align:center;border-radius:6px;background:var(--wash)}
      .heat td.zero{color:var(--soft);opacity:.65}
      .heat td.hit{background:color-mix(in oklab,var(--hit) var(--v),var(--wash))}
      .heat td.miss{background:color-mix(in oklab,var(--miss) var(--v),var(--wash))}
      .heat td.strong{color:var(--on);font-weight:600}
      .heat td.side{background:none;color:var(--soft);text-align:right;padding-left:12px}
      .map{display:block;width:100%;max-width:640px;height:auto;margin:0 auto}
      .map .ground{fill:var(--wash)}.map .hit{fill:var(--hit)}.map .miss{fill:var(--miss)}
      .hint{color:var(--soft);font-size:.92rem;margin:0 0 1em}
      .faces{display:grid;grid-template-columns:repeat(auto-fill,minmax(108px,1fr));gap:14px;margin:0;padding:0;list-style:none}
      .faces img{display:block;width:100%;aspect-ratio:1;object-fit:contain;image-rendering:pixelated;border-radius:8px;
        background:#000}
      .faces p{margin:.4em 0 0;font-size:.86rem;line-height:1.35;overflow-wrap:anywhere}
      .faces b,.wrong{color:var(--miss)}.faces .sure{color:var(--soft)}
      .net{display:flex;flex-wrap:wrap;gap:12px 26px;margin:0 0 18px;padding:0;list-style:none}
      .net li{position:relative;width:122px;border:1px solid var(--rule);border-radius:12px;padding:8px 8px 10px;
        text-align:center;background:var(--paper)}
      .net li:not(:last-child)::before{content:"";position:absolute;right:-18px;top:46px;width:11px;height:2px;
        background:var(--soft)}
      .net li:not(:last-child)::after{content:"";position:absolute;right:-22px;top:42px;border:5px solid transparent;
        border-right:0;border-left:6px solid var(--soft)}
      .net b{display:block;font-size:.88rem;overflow-wrap:anywhere;line-height:1.25}
      .net span{display:block;color:var(--soft);font-size:.82rem}
      .glyph{width:84px;height:84px}
      .glyph .sheet{fill:var(--card);stroke:var(--glyph);stroke-width:1.2}
      .glyph .neuron{fill:var(--card);stroke:var(--glyph);stroke-width:1.4}
      .glyph .dot{fill:var(--glyph)}
      pre{background:var(--wash);border-radius:10px;padding:14px 16px;margin:0;white-space:pre-wrap;overflow-wrap:anywhere;
        font:.92rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
      footer{color:var(--soft);font-size:.85rem;text-align:center;margin-top:28px}
      @media (max-width:560px){
        main{padding:16px 12px 40px}
        section{padding:16px 14px;border-radius:12px;margin:14px 0}
        .tiles{grid-template-columns:1fr 1fr;gap:10px}
        .tiles dd{font-size:1.35rem}
        .heat{border-spacing:1px;font-size:.8rem}.heat td{min-width:26px;height:27px;padding:0}
        .heat td.side{font-size:.66rem;padding-left:4px}.heat th{padding:2px}
        .heat td.corner{font-size:0;padding:0}.heat th[scope=row]{position:sticky;left:0;background:var(--card);max-width:6em;font-size:.7rem}
        .faces{grid-template-columns:repeat(auto-fill,minmax(92px,1fr));gap:12px}
        .net{gap:10px 24px}.net li{width:calc(50% - 12px)}
        .net li:nth-child(even)::before,.net li:nth-child(even)::after{display:none}}
      @media print{body{background:#fff}section{break-inside:avoid}}
      """;
}
