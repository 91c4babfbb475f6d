/** What programs put on the clipboard, shortened, and the blocks it is to become. */
export const clipboards: readonly { name: string; html: string; shown: string[] }[] = [
  {
    name: 'Word',
    html: `<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
xmlns:w="urn:schemas-microsoft-com:office:word"><head><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><w:WordDocument><w:View>Normal</w:View></w:WordDocument></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-family:"Calibri",sans-serif;} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<h1>Harbour<o:p></o:p></h1>
<p class=MsoNormal>Some <b style='mso-bidi-font-weight:normal'>strong</b> words,
on two lines.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol;mso-fareast-font-family:Symbol'><span style='mso-list:Ignore'>·<span
style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>First<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='margin-left:72.0pt;mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='font-family:"Courier New"'><span style='mso-list:Ignore'>o<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;
</span></span></span><![endif]>Inner<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span></span><![endif]>Second<o:p></o:p></p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span><span style='mso-list:Ignore'>1.<span>&nbsp;
</span></span></span><![endif]>Numbered<o:p></o:p></p>
<table class=MsoTableGrid border=1 cellspacing=0><tr><td width=300 valign=top style='border:solid'><p class=MsoNormal>A1<o:p></o:p></p></td>
<td><p class=MsoNormal>B1<o:p></o:p></p><p class=MsoNormal>more<o:p></o:p></p></td></tr></table>
<!--EndFragment--></body></html>`,
    shown: [
      'h1: Harbour',
      'p: Some *strong* words, on two lines.',
      '- p: First',
      '-- p: Inner',
      '- p: Second',
      '- p: Numbered',
      'div: A1|B1 more|',
    ],
  },
  {
    name: 'Google Docs',
    html: `<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-5d3f"><h2 dir="ltr" style="line-height:1.38;"><span
style="font-size:16pt;font-family:Arial;font-weight:400;text-decoration:none;white-space:pre-wrap;">Tides</span></h2><br /><p dir="ltr"><span
style="font-size:11pt;font-weight:700;font-style:normal;text-decoration:none;white-space:pre-wrap;">High</span><span
style="font-weight:400;"> water at </span><a href="https://x.org/" style="text-decoration:none;"><span
style="color:#1155cc;font-weight:400;text-decoration:underline;">noon</span></a></p><ul style="margin-top:0;"><li dir="ltr" style="list-style-type:disc;" aria-level="1"><p
dir="ltr" role="presentation"><span style="font-weight:400;">one</span></p></li><ul><li dir="ltr" style="list-style-type:circle;" aria-level="2"><p dir="ltr" role="presentation"><span>two</span></p></li></ul></ul><ul><li
dir="ltr" role="checkbox" aria-checked="true" aria-level="1"><img src="data:image/png;base64,iVBORw0KGgo=" width="17px" aria-roledescription="checkbox" /><p dir="ltr" role="presentation"><span>done</span></p></li></ul></b><br class="Apple-interchange-newline">`,
    shown: ['h2: Tides', 'p: *High* water at noon', '- p: one', '-- p: two', '[true] p: done'],
  },
  {
    name: 'a web page',
    html: `<meta charset='utf-8'><div class="markdown-body" style="color: rgb(31, 35, 40);"><h3 tabindex="-1">Boats</h3><p><strong>Two</strong> of them<span
style="display:none">hidden</span></p><script>alert(1)</script><ul class="contains-task-list"><li class="task-list-item"><input type="checkbox" disabled checked> paint</li><li
class="task-list-item"><input type="checkbox" disabled> sail<ul><li>soon</li></ul></li></ul><table><thead><tr><th>Name</th><td>Age</td></tr></thead><tbody><tr><td>Ida</td><td>3</td></tr></tbody></table><pre><code class="language-js">let a;
</code></pre><p onclick="alert(1)">end</p></div>`,
    shown: [
      'h3: Boats',
      'p: *Two* of them',
      '[true] p: paint',
      '[false] p: sail',
      '[false] - p: soon',
      'div: Name|Age|Ida|3|',
      'div: let a;',
      'p: end',
    ],
  },
];
