"""What is where: engines, labelmaps, surfaces."""
