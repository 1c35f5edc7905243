/**
 * Arrow tables of very many columns: imported for its effect.
 *
 * Every batch that apache-arrow makes passes through `Schema.assign`, which looks each field up by a walk over all
 * others: at 100,000 columns half a minute a batch, for slices and files alike. The one here gives the same schemas,
 * by a map.
 */
import { Schema } from "apache-arrow";
import type { Field } from "apache-arrow";

function assign(this: Schema, ...args: [Schema] | [Field[]] | Field[]): Schema {
  const [first] = args;
  const other = first instanceof Schema ? first : new Schema(Array.isArray(first) ? first : (args as Field[]));
  const fields = [...this.fields];
  const places = new Map<string, number>();
  fields.forEach(({ name }, i) => { if (!places.has(name)) places.set(name, i); });
  const added = other.fields.filter((field) => {
    const at = places.get(field.name);
    if (at === undefined) return true;
    fields[at] = field.clone({ metadata: new Map([...fields[at].metadata, ...field.metadata]) });
    return false;
  });
  const dictionaries = new Map([...this.dictionaries, ...new Schema(added).dictionaries]);
  return new Schema([...fields, ...added], new Map([...this.metadata, ...other.metadata]), dictionaries);
}

Schema.prototype.assign = assign as typeof Schema.prototype.assign;
