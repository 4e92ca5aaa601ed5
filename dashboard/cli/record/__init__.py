"""Commands about what stands in the record: people merged or erased, the trail, the scales, the version."""
