<?php
/** WooCommerce, as far as the plugin touches it: orders, webhooks, REST keys, mails, what is declared to it. */

namespace Automattic\WooCommerce\Utilities {
	class FeaturesUtil {
		public static $declared = array();

		public static function declare_compatibility( $feature, $file, $good = true ) {
			if ( ! doing_action( 'before_woocommerce_init' ) ) {
				throw new \LogicException( 'declared at the wrong time' );
			}
			self::$declared[ $feature ] = array( plugin_basename( $file ), $good );
			return true;
		}
	}
}

namespace {
	class WooCommerce {
		public $version = WC_VERSION;

		public function mailer() {
			return new WC_Emails();
		}
	}

	function WC() {
		static $one = null;
		$one        = $one ?? new WooCommerce();
		return $one;
	}

	function wc_api_hash( $data ) {
		return hash_hmac( 'sha256', $data, 'wc-api' );
	}

	class WC_DateTime extends DateTime {
		public function getTimestamp(): int {
			return parent::getTimestamp();
		}
	}

	class WC_Order {
		private $id;
		private $data;
		private $changed = array();

		public function __construct( $id ) {
			$this->id   = (int) $id;
			$this->data = stored( 'orders' )[ $id ] ?? array();
		}

		public function get_id() {
			return $this->id;
		}

		public function has_downloadable_item() {
			return ! empty( $this->data['downloads'] );
		}

		public function get_order_number() {
			return (string) ( $this->data['number'] ?? $this->id );
		}

		public function get_status() {
			return $this->data['status'] ?? 'pending';
		}

		public function get_customer_id() {
			return (int) ( $this->data['customer_id'] ?? 0 );
		}

		public function get_user_id() {
			return $this->get_customer_id();
		}

		public function get_billing_email() {
			return $this->data['email'] ?? '';
		}

		public function get_order_key() {
			return $this->data['order_key'] ?? 'wc_order_' . $this->id;
		}

		/** Newest first. */
		public function get_refunds() {
			return array_map( static fn( $id ) => new WC_Order( $id ), $this->data['refunds'] ?? array() );
		}

		public function has_status( $status ) {
			return in_array( $this->get_status(), (array) $status, true );
		}

		public function get_date_created() {
			return isset( $this->data['created'] ) ? new WC_DateTime( '@' . $this->data['created'] ) : null;
		}

		/** `ways`: ids of shipping methods; `items`: ids of products. */
		public function get_shipping_methods() {
			return array_map( static fn( $id ) => new Test_Way( $id ), $this->data['ways'] ?? array() );
		}

		public function get_items() {
			return array_map( static fn( $id ) => new Test_Item( $id ), $this->data['items'] ?? array() );
		}

		public function get_view_order_url() {
			return home_url( '/my-account/view-order/' . $this->id . '/' );
		}

		/** Kept at once; what a real shop does on a change of status is done here too. */
		public function update_status( $to ) {
			$from                 = $this->get_status();
			$this->data['status'] = $to;
			$this->keep();
			do_action( 'woocommerce_order_status_' . $to, $this->id, $this, array() );
			do_action( 'woocommerce_order_status_changed', $this->id, $from, $to, $this );
			return true;
		}

		public function get_created_via() {
			return $this->data['created_via'] ?? 'checkout';
		}

		/** As stored when it was read; what was changed since is kept apart until it is saved. */
		public function get_meta( $key ) {
			$meta = array_merge( $this->data['meta'] ?? array(), $this->changed );
			return $meta[ $key ] ?? '';
		}

		public function update_meta_data( $key, $value ) {
			$this->changed[ $key ] = $value;
		}

		public function delete_meta_data( $key ) {
			$this->changed[ $key ] = null;
		}

		public function save_meta_data() {
			store(
				'orders',
				function ( $orders ) {
					$orders[ $this->id ]['meta'] = array_filter( array_merge( $orders[ $this->id ]['meta'] ?? array(), $this->changed ), static fn( $one ) => null !== $one );
					return $orders;
				}
			);
			$this->data['meta'] = stored( 'orders' )[ $this->id ]['meta'];
			$this->changed      = array();
		}

		private function keep() {
			store(
				'orders',
				function ( $orders ) {
					$orders[ $this->id ] = $this->data;
					return $orders;
				}
			);
		}
	}

	function wc_get_order( $order ) {
		if ( $order instanceof WC_Order ) {
			return $order;
		}
		return isset( stored( 'orders' )[ (int) $order ] ) ? new WC_Order( $order ) : false;
	}

	/** `$data`: status, email, customer_id, created (seconds). */
	function new_order( $id, array $data = array() ) {
		store( 'orders', static fn( $orders ) => array( $id => $data ) + $orders );
		return new WC_Order( $id );
	}

	/** A parcel of an order, as the hooks of WooCommerce's fulfilments pass it. */
	class Test_Fulfillment {
		private $order_id;

		public function __construct( $order_id ) {
			$this->order_id = $order_id;
		}

		public function get_id() {
			return 1;
		}

		public function get_is_fulfilled() {
			return true;
		}

		public function get_entity_type() {
			return 'WC_Order';
		}

		public function get_entity_id() {
			return (string) $this->order_id;
		}
	}

	class WC_Webhook {
		private $id;

		public function __construct( $id = 0 ) {
			$this->id = (int) $id;
		}

		private function row() {
			foreach ( stored( 'tables' )['wp_wc_webhooks'] as $row ) {
				if ( $row['webhook_id'] === $this->id ) {
					return $row;
				}
			}
			return array();
		}

		public function get_id() {
			return $this->id;
		}

		public function get_delivery_url() {
			return $this->row()['delivery_url'] ?? '';
		}

		public function delete( $force = false ) {
			if ( ! $force ) {
				throw new LogicException( 'webhooks have no trash' );
			}
			store(
				'tables',
				function ( $tables ) {
					$tables['wp_wc_webhooks'] = array_values( array_filter( $tables['wp_wc_webhooks'], fn( $row ) => $row['webhook_id'] !== $this->id ) );
					return $tables;
				}
			);
			return true;
		}
	}

	class WC_Data_Store {
		public static function load( $kind ) {
			if ( ! in_array( $kind, array( 'webhook', 'order-fulfillment' ), true ) ) {
				throw new Exception( 'Invalid data store.' );
			}
			return new self();
		}

		public function read_fulfillments( $type, $id ) {
			return 'WC_Order' === $type ? array( new Test_Fulfillment( (int) $id ) ) : array();
		}

		public function get_webhooks_ids( $status = '' ) {
			return array_column( stored( 'tables' )['wp_wc_webhooks'], 'webhook_id' );
		}
	}

	function new_webhook( $id, $delivery_url ) {
		store(
			'tables',
			static function ( $tables ) use ( $id, $delivery_url ) {
				$tables['wp_wc_webhooks'][] = array( 'webhook_id' => $id, 'delivery_url' => $delivery_url );
				return $tables;
			}
		);
	}

	/** A mail of the shop's own. What was sent is in the state: order, id. */
	class WC_Email {
		public $id;
		public $object  = false;
		public $enabled = true;
		public $refund  = null;

		public function __construct( $id ) {
			$this->id = $id;
		}

		public function is_enabled() {
			return apply_filters( 'woocommerce_email_enabled_' . $this->id, $this->enabled, $this->object, $this );
		}

		/** Those of parcels get the parcel between the two. */
		public function trigger( $order_id, ...$more ) {
			$this->object = end( $more ) ?: wc_get_order( $order_id );
			if ( 0 === strpos( $this->id, 'customer_fulfillment_' ) && ! ( $more[0] ?? null ) instanceof Test_Fulfillment ) {
				throw new TypeError( 'a parcel was to be given' );
			}
			if ( in_array( $this->id, array( 'customer_refunded_order', 'customer_partially_refunded_order' ), true ) ) {
				// Takes what it is about and the refund, and finds the order by itself.
				list( $part, $refund ) = $more + array( false, null );
				if ( ! is_bool( $part ) || ! is_int( $refund ) ) {
					throw new TypeError( 'a refund was to be given' );
				}
				$this->object = wc_get_order( $order_id );
				$this->refund = $refund;
				$this->id     = $part ? 'customer_partially_refunded_order' : 'customer_refunded_order';
			}
			if ( ! $this->is_enabled() ) {
				return;
			}
			store( 'sent', fn( $sent ) => array_merge( $sent, array( array( $this->object->get_id(), $this->id ) ) ) );
			do_action( 'woocommerce_email_sent', true, $this->id, $this );
		}
	}

	class WC_Emails {
		public function get_emails() {
			$ids = array( 'new_order', 'customer_processing_order', 'customer_completed_order', 'customer_fulfillment_created', 'customer_fulfillment_updated', 'customer_fulfillment_deleted', 'customer_processing_renewal_order', 'customer_note', 'customer_refunded_order', 'customer_cancelled_order' );
			return array_map( static fn( $id ) => new WC_Email( $id ), $ids );
		}
	}

	/** Whether the shop's own mail of that id would go out, as WooCommerce asks when something happened; without an order, of one that was placed just now. */
	function mail_goes_out( $id, $order = null, $enabled = true, $hook = 'woocommerce_order_status_pending_to_processing_notification' ) {
		$order                          = $order ?? new_order( 900, array( 'created' => \time() + 365 * 86400, 'ways' => array( 'flat_rate:1' ) ) );
		$GLOBALS['wordpress_doing'][]   = $hook;
		$goes                           = apply_filters( "woocommerce_email_enabled_$id", $enabled, $order, (object) array( 'id' => $id ) );
		array_pop( $GLOBALS['wordpress_doing'] );
		return $goes;
	}

	/** The user whose REST keys a request brings; 0 without keys, an error for keys that do not fit. Over TLS, and below wp-json/wc only. */
	function woocommerce_key_user( $path, $method ) {
		if ( ! preg_match( '#wp-json/wc(/|-)#', $path ) || ! is_ssl() ) {
			return 0;
		}
		$key    = $_GET['consumer_key'] ?? $_SERVER['PHP_AUTH_USER'] ?? '';
		$secret = $_GET['consumer_secret'] ?? $_SERVER['PHP_AUTH_PW'] ?? '';
		if ( '' === $key || '' === $secret ) {
			return 0;
		}
		foreach ( stored( 'tables' )['wp_woocommerce_api_keys'] as $row ) {
			if ( wc_api_hash( $key ) !== $row['consumer_key'] ) {
				continue;
			}
			if ( ! hash_equals( $row['consumer_secret'], $secret ) ) {
				return new WP_Error( 'woocommerce_rest_authentication_error', 'Consumer secret is invalid.', array( 'status' => 401 ) );
			}
			$needed = in_array( $method, array( 'GET', 'HEAD', 'OPTIONS' ), true ) ? 'read' : 'write';
			if ( false === strpos( $row['permissions'], $needed ) ) {
				return new WP_Error( 'woocommerce_rest_authentication_error', "The API key provided does not have $needed permissions.", array( 'status' => 401 ) );
			}
			return (int) $row['user_id'];
		}
		return 0;
	}
}
