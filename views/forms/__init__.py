"""The shape of what people type; whether it is true is the domain's business."""
