"""The availability of the signed-in agent."""
