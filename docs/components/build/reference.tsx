import {renderToString} from "preact-render-to-string";
import {renderClaims, renderTally} from "./claims.tsx";
import {Glossary} from "./glossary.tsx";
import {Matrix} from "./matrix.tsx";
import {Messages} from "./messages.tsx";
import {SymptomLinks} from "./symptom-links.tsx";
import {Versions} from "./versions.tsx";
import {XmlSizes} from "./xml-sizes.tsx";

/** Blocks that come from `data/` alone and need no model page; undefined for any other kind. */
export function renderReference(kind: string, name: string): string | undefined {
  switch (kind) {
    case "glossary":
      return renderToString(<Glossary name={name} />);
    case "messages":
      return renderToString(<Messages name={name} />);
    case "matrix":
      return renderToString(<Matrix name={name === "" ? "calls" : name} />);
    case "xml-sizes":
      return renderToString(<XmlSizes />);
    case "versions":
      return renderToString(<Versions />);
    case "symptom":
      return renderToString(<SymptomLinks name={name} />);
    case "claims":
      return renderClaims(name);
    case "tally":
      return renderTally();
    default:
      return undefined;
  }
}
