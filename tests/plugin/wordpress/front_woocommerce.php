<?php
/** What customers see of WooCommerce: products, their orders, My Account, the page after a purchase. */

class WC_Product {
	private $id;

	public function __construct( $id ) {
		$this->id = (int) $id;
	}

	public function get_id() {
		return $this->id;
	}

	public function needs_shipping() {
		return empty( stored( 'products' )[ $this->id ]['virtual'] );
	}
}

class WC_Order_Refund {
	public function get_id() {
		return 99;
	}
}

class Test_Item {
	private $product_id;

	public function __construct( $product_id ) {
		$this->product_id = $product_id;
	}

	/** False for one that was deleted. */
	public function get_product() {
		return isset( stored( 'products' )[ $this->product_id ] ) ? new WC_Product( $this->product_id ) : false;
	}
}

class Test_Way {
	private $id;

	public function __construct( $id ) {
		$this->id = $id;
	}

	public function get_method_id() {
		return $this->id;
	}
}

function new_product( $id, array $data = array() ) {
	store( 'products', static fn( $products ) => array( $id => $data + array( 'name' => "Product $id" ) ) + $products );
}

/** The newest first; only what our plugin asks for is understood. */
function wc_get_orders( array $asked ) {
	if ( array_diff( array_keys( $asked ), array( 'customer_id', 'type', 'limit', 'orderby', 'order' ) ) || 'DESC' !== $asked['order'] ) {
		throw new LogicException( 'an order query that this WooCommerce does not know' );
	}
	$kept = array_filter( stored( 'orders' ), static fn( $one ) => ( $one['customer_id'] ?? 0 ) === $asked['customer_id'] );
	uasort( $kept, static fn( $one, $other ) => ( $other['created'] ?? 0 ) <=> ( $one['created'] ?? 0 ) );
	return array_map( static fn( $id ) => new WC_Order( $id ), array_slice( array_keys( $kept ), 0, $asked['limit'] ) );
}

function wc_format_datetime( $date ) {
	return $date ? $date->format( 'F j, Y' ) : '';
}

function wc_get_order_status_name( $status ) {
	return ucfirst( $status );
}

function is_view_order_page() {
	return false !== strpos( (string) ( $_SERVER['REQUEST_URI'] ?? '' ), '/view-order/' );
}

function is_order_received_page() {
	return false !== strpos( (string) ( $_SERVER['REQUEST_URI'] ?? '' ), '/order-received/' );
}

/** As the list of orders and the details of one show them. */
function wc_get_account_orders_actions( $order ) {
	$order   = wc_get_order( $order );
	$actions = array( 'view' => array( 'url' => $order->get_view_order_url(), 'name' => 'View' ) );
	return apply_filters( 'woocommerce_my_account_my_orders_actions', $actions, $order );
}

function account_or_thanks( $path ) {
	preg_match( '#/(view-order|order-received)/(\d+)#', $path, $found );
	if ( isset( $found[1] ) && 'order-received' === $found[1] ) {
		do_action( 'woocommerce_thankyou', (int) $found[2] );
		order_details( (int) $found[2] );
	} elseif ( isset( $found[1] ) ) {
		order_details( (int) $found[2] );
	} else {
		account_page( $path );
	}
}

function order_details( $id ) {
	$order = wc_get_order( $id );
	print_actions( $order, array( 'view' ) );
	do_action( 'woocommerce_order_details_after_order_table', $order );
}

function print_actions( $order, array $without ) {
	foreach ( array_diff_key( wc_get_account_orders_actions( $order ), array_flip( $without ) ) as $key => $action ) {
		printf( '<a href="%s" class="woocommerce-button button %s" aria-label="%s">%s</a>', esc_url( $action['url'] ), sanitize_html_class( $key ), esc_attr( $action['aria-label'] ?? '' ), esc_html( $action['name'] ) );
	}
}

function account_page( $path ) {
	$items = apply_filters( 'woocommerce_account_menu_items', array( 'dashboard' => 'Dashboard', 'orders' => 'Orders', 'customer-logout' => 'Log out' ) );
	foreach ( $items as $slug => $name ) {
		echo '<li><a href="' . esc_url( home_url( "/my-account/$slug/" ) ) . '">' . esc_html( $name ) . "</a></li>\n";
	}
	if ( '/my-account/orders/' === $path ) {
		foreach ( stored( 'orders' ) as $id => $order ) {
			if ( $order['customer_id'] === get_current_user_id() ) {
				print_actions( wc_get_order( $id ), array() );
			}
		}
		return;
	}
	foreach ( apply_filters( 'woocommerce_get_query_vars', array() ) as $key => $slug ) {
		if ( isset( $GLOBALS['wordpress_query_vars'][ $key ] ) && has_action( "woocommerce_account_{$key}_endpoint" ) ) {
			echo '<h1>' . esc_html( apply_filters( "woocommerce_endpoint_{$key}_title", 'My account', $key, '' ) ) . '</h1>';
			do_action( "woocommerce_account_{$key}_endpoint", '' );
		}
	}
}
