"""What speed and memory are measured with; see RESULTS.md."""
