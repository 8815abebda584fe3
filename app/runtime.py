"""Everything a process needs, put together once from its configuration."""

from __future__ import annotations

from dataclasses import dataclass

from app.clock import Clock
from app.config import Config
from app.db import Database, open_database
from app.keys import Keys
from app.queue import Queue, open_queue
from app.services.send import Sender
from app.services.sending_domain_dns import Dns
from app.services.sending_domain_records import Ours
from app.services.stores import Stores
from app.turns import Turns
from connectors.base import Connector
from connectors.registry import connector_for
from connectors.shopify.keys import AppKeys
from emails.providers.api import Reach
from emails.providers.base import Provider
from emails.providers.registry import provider_for
from flows.commerce import Platform
from wire.http import HttpClient


@dataclass(frozen=True, slots=True)
class Runtime:
    config: Config
    clock: Clock
    database: Database
    queue: Queue
    keys: Keys
    http: HttpClient
    provider: Provider
    turns: Turns
    second: Provider | None = None

    def connector(self, platform: Platform) -> Connector:
        return connector_for(platform)

    def sender(self) -> Sender:
        return Sender(
            database=self.database,
            secrets=self.keys,
            provider=self.provider,
            address=self.config.address,
            mail_domain=self.config.mail_from_domain,
            now=self.clock.now,
            real=self.clock.real,
            http=self.http,
            bounce_domain=self.config.bounce_domain,
            dkim=self.config.dkim,
            shared_domain_offers=self.config.shared_domain_offers,
            account=self.keys.account_name(self.config.smtp_url),
            second=self.second,
            second_account=self.keys.account_name(self.config.second_smtp_url),
        )

    def dns(self) -> Dns:
        return Dns(self.config.dns_servers)

    def ours(self) -> Ours:
        return Ours(self.config.mail_from_domain, self.config.bounce_domain)

    def stores(self) -> Stores:
        return Stores(
            connector=connector_for,
            keys=self.keys,
            http=self.http,
            app_address=self.config.address,
            shopify=self.shopify_keys(),
            topics_declared=self.config.shopify_webhooks == "toml",
            database=self.database,
            billing=self.config.billing,
            turns=self.turns,
        )

    def shopify_keys(self) -> AppKeys:
        secrets = (*self.config.shopify_secrets, None, None)
        return AppKeys(self.config.shopify_api_key, secrets[0] or "", secrets[1])


def build(config: Config, *, pooled: bool = True) -> Runtime:
    """`pooled` False for processes that fork their work."""
    queue, clock = open_queue(config.redis_url), Clock(config.clock_file)
    http = HttpClient(origins=config.origins)
    reach = Reach(http, clock.real)
    second = config.second_smtp_url
    return Runtime(
        config=config,
        clock=clock,
        database=open_database(config.database_url, pooled=pooled),
        queue=queue,
        keys=Keys(config.secret, config.encryption_keys),
        http=http,
        provider=provider_for(config.smtp_url, reach),
        turns=Turns(queue.redis),
        second=provider_for(second, reach) if second else None,
    )
