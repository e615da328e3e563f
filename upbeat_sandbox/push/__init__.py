"""A push service (RFC 8030, 8188, 8291, 8292): the phones that subscribed to it, and what is sent to them."""
