// The parser of PDF.js, bundled so that it comes from our own origin as a script.
import 'pdfjs-dist/build/pdf.worker.min.mjs';
