"""Real servers that the tests start, kill and restart themselves."""

from tests.support.servers.availability import Unavailable, refuse
from tests.support.servers.postgresql import PostgreSQL
from tests.support.servers.rabbitmq import RabbitMQ
from tests.support.servers.rabbitmq_node import RabbitMQNode
from tests.support.servers.redis import Redis

__all__ = ["PostgreSQL", "RabbitMQ", "RabbitMQNode", "Redis", "Unavailable", "refuse"]
