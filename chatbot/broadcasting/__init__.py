"""To everyone: campaign updates, and the pace at which anything may be sent."""
