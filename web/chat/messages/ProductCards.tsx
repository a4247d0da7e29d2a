// Products side by side: full name, insurer, "这是保险产品" and the condition of the price, as the rules demand.
import { Card } from "@chatui/core";
import { formatFen, perPeriod } from "../../shared/format";
import type { Message, Product } from "../state/types";
import { ButtonRow } from "./ButtonRow";
import { CardLead } from "./CardLead";

function ProductCard({ message, product }: { message: Message; product: Product }) {
  const { price } = product;
  return (
    <Card className="card product">
      <p className="product-statement">{product.statement}</p>
      <h3>{product.name}</h3>
      {product.insurer && <p className="muted">{product.insurer}</p>}
      {product.tagline && <p>{product.tagline}</p>}
      <ul className="product-points">
        {(product.highlights ?? []).map((point) => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      {price && (
        <p className="product-price">
          <strong>¥{formatFen(price.fen)}</strong>
          {perPeriod(price.frequency)} 起{price.condition && <small>{price.condition}</small>}
        </p>
      )}
      <ButtonRow message={message} buttons={product.buttons ?? []} />
    </Card>
  );
}

export function ProductCards({ message }: { message: Message }) {
  const products = (message.body.products ?? []) as Product[];
  return (
    <>
      <CardLead message={message} />
      <section className="products" aria-label={`${products.length} 款产品`}>
        {products.map((product) => (
          <ProductCard key={product.code} message={message} product={product} />
        ))}
      </section>
    </>
  );
}
